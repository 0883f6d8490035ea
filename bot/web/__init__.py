"""Pages and the API behind them."""

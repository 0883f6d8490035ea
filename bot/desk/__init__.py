"""What staff do: tickets from the first card to the last reply, and what is learnt from them."""

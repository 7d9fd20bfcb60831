"""How conversations are held: reviews of them, and contacts in which somebody is upset or abusive."""

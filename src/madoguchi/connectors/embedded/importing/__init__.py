"""Orders, customers, products and sellers from files: JSON, CSV, and the order export of Shopify."""

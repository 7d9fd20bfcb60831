"""What hinders or crowds the counter: outages and peak seasons, declared by people or noticed by itself (QUE-006, QUE-011)."""

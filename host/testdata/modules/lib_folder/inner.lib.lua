return { inner = true };

error("the server does this itself");

local secret = module:get_option_string("example_secret");
assert(secret, "the option 'example_secret' is not set");

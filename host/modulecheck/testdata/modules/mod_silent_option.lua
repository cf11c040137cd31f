local secret = module:get_option_string("silent_secret");
local length = #secret;

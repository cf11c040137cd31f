local part = module:require "part";
module:hook("resource-bind", part.run);

local ok, err = require "net.server".listen("127.0.0.1", 5999, { onincoming = function () end });
if not ok then
	module:log("error", "cannot listen: %s", err);
end

-- An app with a route of each kind, for http_test.go.

local async, promise, errors, timer = require "util.async", require "util.promise", require "util.error", require "util.timer";

module:depends("http");

local function echo(event)
	return event.request.body;
end

module:provides("http", {
	route = {
		["GET"] = "root";
		["GET /"] = function () return "directory"; end;
		["GET /text"] = "text";
		["GET /status"] = 403;
		["GET /table"] = { status_code = 201, headers = { content_type = "text/plain", x_seen = "yes" }, body = "made" };
		["GET /error"] = function () return errors.new({ code = 410, type = "cancel", condition = "gone", text = "long ago" }); end;
		["GET /nothing"] = function () end;
		["GET /later"] = function (event)
			timer.add_task(0.001, function () event.response:send("later"); end);
			return true;
		end;
		["GET /promise"] = function ()
			return promise.new(function (resolve) timer.add_task(0.001, function () resolve("kept"); end); end);
		end;
		["GET /wait"] = function () async.sleep(0.001); return "waited"; end;
		["GET /tree/*"] = function (_, rest) return "rest "..rest; end;
		["GET /tree/known/*"] = function (_, rest) return "known "..rest; end;
		["GET /tree/leaf"] = function () return "leaf"; end;
		["GET /dir/"] = function () return "dir"; end;
		["GET /who"] = function (event) return event.request.ip.." "..tostring(event.request.secure); end;
		["GET /query"] = function (event) return tostring(event.request.url.query); end;
		["GET /url"] = function () return module:http_url().." "..module:http_url("other").." "..module:http_url("other", "/elsewhere"); end;
		["POST /echo"] = echo;
		["PUT /echo"] = echo;
	};
});

module:provides("http", { name = "closed", cors = { enabled = false }, route = { GET = "closed" } });
module:provides("http", {
	name = "some", cors = { enabled = true, credentials = true, origins = { "https://a.example" }, headers = { ["X-Key"] = true } }, route = { GET = "some" };
});
module:provides("http", { name = "moved", route = { GET = "moved" } });

local parts = {};
module:provides("http", {
	name = "upload", streaming_uploads = true;
	route = {
		["PUT /*"] = function (event, name)
			local request = event.request;
			if request.partial then
				parts[name] = {};
				request.body_sink = { write = function (_, data) table.insert(parts[name], data); return true; end };
				return true;
			end
			return name.." "..(parts[name] and #table.concat(parts[name]) or "whole "..#request.body);
		end;
	};
});

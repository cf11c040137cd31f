-- Pages for errors of HTTP, and for the server's front door.

module:set_global();

local server = require "net.http.server";
local codes = require "net.http.codes";
local escape = require "util.stanza".xml_escape;
local render = require "util.interpolation".new("%b{}", escape);

local detailed = module:get_option_boolean("http_errors_detailed", false);
local always = module:get_option_boolean("http_errors_always_show", true);
local default_text = module:get_option_string("http_errors_default_message", "There is nothing more to say.");
local own_texts = module:get_option("http_errors_messages", {}); -- code → text

local texts = {
	[400] = "The server did not understand the request.";
	[401] = "Say who you are first.";
	[403] = "This is not for you.";
	[404] = "There is nothing here.";
	[413] = "That is too much at once.";
	[500] = "Something broke. The server's log says what.";
};

local PAGE = [[
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body { margin: 20vh auto; max-width: 40em; padding: 0 1em; font-family: serif; color: #222; background: #fdfdfa }
.warning { background: #fe9 } .extra { font-family: monospace }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #1a1a1a } .warning { color: #fe9; background: none } }
</style>
<h1>{title}</h1>
<p>{message}</p>
{warning&<p class="warning">{warning?}</p>}
{extra&<p class="extra">{extra?}</p>}
</html>
]];

local function page(response, values)
	if response then
		response.headers.content_type = "text/html; charset=utf-8";
	end
	return render(PAGE, values);
end

-- Keys of a table in a configuration may be texts.
local function own_text(code)
	local text = own_texts[code] or own_texts[tostring(code)];
	return type(text) == "table" and text[1] or text;
end

module:hook_object_event(server, "http-error", function (event)
	local code = event.code;
	local text = own_text(code) or texts[code];
	if not text and not always then
		return nil;
	end
	return page(event.response, {
		title = codes[code];
		message = text or default_text;
		extra = detailed and event.private_message or event.message or event.error and event.error.text;
	});
end);

-- Whoever comes to the door without an errand finds out where it leads.
module:hook_object_event(server, "http-error", function (event)
	local request, response = event.request, event.response;
	if request and response and request.path == "/" and response.status_code == 404 then
		response.status_code = 200;
		return page(response, { title = "Quatrain is running", message = own_text("/") or "This server speaks XMPP. Come back with a chat client." });
	end
end, 1);

-- A page in the same manner for others: title, message, warning, extra.
module:hook("http-message", function (event)
	return page(event.response, event);
end, -1);

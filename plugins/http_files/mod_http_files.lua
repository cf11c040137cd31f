-- Serves a directory over HTTP. Other modules use net.http.files; what stands here for them is from before there was one.

module:depends("http");

local files = require "net.http.files";

local directory = module:get_option_path("http_files_dir", module:get_option_path("http_path"));
local defaults = {
	cache_size = module:get_option_number("http_files_cache_size", 128);
	cache_max_file_size = module:get_option_number("http_files_cache_max_file_size", 4096);
	index_files = module:get_option_array("http_index_files", { "index.html", "index.htm" });
	directory_index = module:get_option_boolean("http_dir_listing");
	mime_map = module:shared("/*/http_files/mime").types;
};

local function read_types(known)
	local file = io.open(module:get_option_path("mime_types_file", "/etc/mime.types", "config"));
	for line in file and file:lines() or function () end do
		local kind, endings = line:match("^([^#%s]+)%s+(.+)$");
		for ending in (endings or ""):gmatch("%S+") do
			known[ending] = known[ending] or kind;
		end
	end
	if file then file:close(); end
end

if not defaults.mime_map then
	defaults.mime_map = {
		css = "text/css", gif = "image/gif", htm = "text/html", html = "text/html", jpeg = "image/jpeg", jpg = "image/jpeg", js = "application/javascript";
		json = "application/json", pdf = "application/pdf", png = "image/png", svg = "image/svg+xml", txt = "text/plain", webp = "image/webp", xml = "application/xml";
	};
	read_types(defaults.mime_map);
	module:shared("/*/http_files/mime").types = defaults.mime_map;
end

-- A handler of routes "GET /*" for a path, or for options of net.http.files.
function serve(options)
	if type(options) ~= "table" then
		options = { path = options };
	end
	for name, value in pairs(defaults) do
		if options[name] == nil then
			options[name] = value;
		end
	end
	return files.serve(options);
end

-- Routes whose values are paths become routes that serve these.
function wrap_route(routes)
	for key, value in pairs(routes) do
		if type(value) ~= "function" then
			routes[key] = files.serve(value);
		end
	end
	return routes;
end

if directory then
	module:provides("http", { route = { ["GET /*"] = serve(directory) } });
else
	module:log("debug", "http_files_dir is not set: only other modules' files are served");
end

-- net.http.files: handlers that serve a directory.

local lfs = require "lfs";
local server = require "net.http.server";
local new_cache = require "util.cache".new;
local urldecode = require "util.http".urldecode;
local build_path = require "socket.url".build_path;

local function http_date(seconds)
	return os.date("!%a, %d %b %Y %H:%M:%S GMT", seconds);
end

-- "/a/b" of a request's path, nil if it leads out of the directory or has characters that names of files cannot have.
local function clean_path(path)
	local parts = {};
	for part in path:gmatch("[^/]+") do
		part = urldecode(part);
		if part:find("[/%z]") then
			return nil;
		elseif part == ".." then
			if not parts[1] then return nil; end
			table.remove(parts);
		elseif part ~= "." then
			parts[#parts+1] = part;
		end
	end
	if path:sub(-1) == "/" then
		parts[#parts+1] = "";
	end
	return "/"..table.concat(parts, "/");
end

local function as_directory(path)
	local parts = { is_absolute = true, is_directory = true };
	for part in path:gmatch("[^/]+") do
		parts[#parts+1] = part;
	end
	return build_path(parts);
end

-- Whether the client has it already.
local function is_known(request, etag, modified)
	local tags = request.headers.if_none_match;
	if tags then
		return tags == etag or tags == "*";
	end
	return request.headers.if_modified_since == modified;
end

-- options: path, or a table with path, mime_map (ending → type), index_files, directory_index, cache_size, cache_max_file_size (bytes).
local function serve(options)
	if type(options) ~= "table" then
		options = { path = options };
	end
	local types = options.mime_map or { html = "text/html" };
	local indices = options.index_files or { "index.html", "index.htm" };
	local largest = tonumber(options.cache_max_file_size) or 1024;
	local cache = new_cache(options.cache_size or 256);

	local serve_path;

	local function serve_directory(event, path, full_path, etag)
		local request, response = event.request, event.response;
		if path:sub(-1) ~= "/" then
			response.headers.location = as_directory(clean_path(request.path));
			return 301;
		end
		for _, name in ipairs(indices) do
			if lfs.attributes(full_path..name, "mode") == "file" then
				return serve_path(event, path..name);
			end
		end
		local list = options.directory_index and server._events.fire_event("directory-index", { path = request.path, full_path = full_path });
		if not list then
			return 403;
		end
		response.headers.content_type = types.html;
		cache:set(full_path, { data = list, type = types.html, etag = etag });
		return response:send(list);
	end

	local function serve_file(event, full_path, size, etag)
		local response = event.response;
		local file = io.open(full_path, "rb");
		if not file then
			return 403;
		end
		local ending = full_path:match("%.([^./]+)$");
		local kind = ending and (types[ending] or types[ending:lower()]);
		response.headers.content_type = kind;
		if size > largest then
			response.headers.content_length = ("%d"):format(size);
			return response:send_file(file);
		end
		local data = file:read("*a");
		file:close();
		cache:set(full_path, { data = data, type = kind, etag = etag });
		return response:send(data);
	end

	function serve_path(event, path)
		local headers = event.response.headers;
		local full_path = options.path..(path or "");
		local found = lfs.attributes((full_path:gsub("/+$", "")));
		if not found then
			return 404;
		end
		headers.last_modified = http_date(found.modification);
		headers.etag = ('"%x-%x-%x"'):format(found.change or 0, found.size or 0, found.modification or 0);
		if is_known(event.request, headers.etag, headers.last_modified) then
			return 304;
		end
		local cached = cache:get(full_path);
		if cached and cached.etag == headers.etag then
			headers.content_type = cached.type;
			return event.response:send(cached.data);
		elseif found.mode == "directory" and path then
			return serve_directory(event, path, full_path, headers.etag);
		end
		return serve_file(event, full_path, found.size, headers.etag);
	end

	return function (event, path)
		local clean = path and clean_path(path);
		if path and not clean then
			return 400;
		end
		return serve_path(event, clean);
	end
end

return { serve = serve };

-- util.http: texts of HTTP: percent encoding (RFC 3986), forms (application/x-www-form-urlencoded), paths, header lists (RFC 9110, RFC 7239).

local encoded, decoded = {}, {};
for i = 0, 255 do
	local c = string.char(i);
	encoded[c] = ("%%%02x"):format(i);
	decoded[("%02x"):format(i)] = c;
end

-- nil stays nil.
local function urlencode(text)
	return text and (text:gsub("[^%w.~_-]", encoded));
end

local function urldecode(text)
	return text and (text:gsub("%%(%x%x)", function (hex) return decoded[hex:lower()]; end));
end

local function encode_part(text)
	return (urlencode(text):gsub("%%20", "+"));
end

local function decode_part(text)
	return urldecode((text:gsub("%+", " ")));
end

-- form: a list of { name = …, value = … }, or a table of name → value.
local function formencode(form)
	local parts = {};
	local function add(name, value)
		parts[#parts+1] = encode_part(name).."="..encode_part(value);
	end
	if form[1] then
		for _, field in ipairs(form) do add(field.name, field.value); end
	else
		for name, value in pairs(form) do add(name, value); end
	end
	return table.concat(parts, "&");
end

-- Returns both of these in one table. A text without "=" is decoded to a string.
local function formdecode(text)
	if not text:find("=", 1, true) then
		return urldecode(text);
	end
	local form = {};
	for name, value in text:gmatch("([^=&]*)=([^&]*)") do
		name, value = decode_part(name), decode_part(value);
		form[#form+1] = { name = name, value = value };
		form[name] = value;
	end
	return form;
end

-- Whether a list like "Upgrade, keep-alive" has the token, whatever the case.
local function contains_token(list, token)
	list = ","..list:gsub("[ \t]", ""):lower()..",";
	return list:find(","..token:lower()..",", 1, true) ~= nil;
end

-- Exactly one slash at the front, and one at the end if it is a directory, none if not.
local function normalize_path(path, is_dir)
	path = path:gsub("/$", "");
	if path:sub(1, 1) ~= "/" and not (path == "" and is_dir) then
		path = "/"..path;
	end
	return is_dir and path.."/" or path;
end

-- (13) The Forwarded header: a list of tables such as { ["for"] = "192.0.2.1", proto = "https" }, the first hop first. false if it is malformed.
local function parse_forwarded(header)
	if type(header) ~= "string" then
		return nil;
	end
	local hops, hop, position = {}, {}, 1;
	while position <= #header do
		local name, next_position = header:match("^%s*(%w+)%s*=()", position);
		if not name then return false; end
		local value, after = header:match("^\"([^\"]*)\"%s*()", next_position);
		if not value then
			value, after = header:match("^([^%s,;\"]+)%s*()", next_position);
		end
		if not value then return false; end
		hop[name:lower()] = value;
		local delimiter = header:sub(after, after);
		if delimiter == "," or delimiter == "" then
			hops[#hops+1], hop = hop, {};
		elseif delimiter ~= ";" then
			return false;
		end
		position = after + 1;
	end
	return hops;
end

return {
	urlencode = urlencode, urldecode = urldecode, formencode = formencode, formdecode = formdecode;
	contains_token = contains_token, normalize_path = normalize_path, parse_forwarded = parse_forwarded;
};

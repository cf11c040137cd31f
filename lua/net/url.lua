-- net.url: addresses taken apart and put together (RFC 3986), as the library of that name from LuaRocks does.
local url = {};
local url_mt = {};
url_mt.__index = url_mt;
local query_mt = {};

local function decode(text)
	return (text:gsub("%+", " "):gsub("%%(%x%x)", function (digits) return string.char(tonumber(digits, 16)); end));
end

local function encode(text)
	return (tostring(text):gsub("[^%w._~-]", function (c) return ("%%%02X"):format(c:byte()); end));
end

-- The table that a key "a[b][]" leads to, and the last part of the key.
local function descend(values, key)
	local name, rest = key:match("^([^%[]+)(.*)$");
	if not name then
		return values, key;
	end
	for part in rest:gmatch("%[([^%]]*)%]") do
		if type(values[name]) ~= "table" then
			values[name] = {};
		end
		values, name = values[name], part == "" and #values[name]+1 or tonumber(part) or part;
	end
	return values, name;
end

-- The values of "a=1&b[]=2" by name. Of several with the same name there is a list; brackets make tables.
function url.parseQuery(text, separator)
	local values = setmetatable({}, query_mt);
	for part in text:gmatch("[^"..(separator or "&").."]+") do
		local key, value = part:match("^([^=]*)=?(.*)$");
		local t, name = descend(values, decode(key));
		value = decode(value);
		if t[name] == nil then
			t[name] = value;
		elseif type(t[name]) == "table" then
			table.insert(t[name], value);
		else
			t[name] = { t[name], value };
		end
	end
	return values;
end

local function add_query(parts, name, value)
	if type(value) ~= "table" then
		parts[#parts+1] = encode(name).."="..encode(value);
		return;
	end
	for k, v in pairs(value) do
		add_query(parts, name.."["..k.."]", v);
	end
end

-- The reverse; names are sorted.
function url.buildQuery(values, separator)
	local parts = {};
	for name, value in pairs(values) do
		add_query(parts, tostring(name), value);
	end
	table.sort(parts);
	return table.concat(parts, separator or "&");
end
query_mt.__tostring = function (values) return url.buildQuery(values); end;

local function set_authority(u, authority)
	u.authority = authority;
	u.userinfo, authority = authority:match("^([^@]*)@(.*)$");
	authority = authority or u.authority;
	if u.userinfo then
		u.user, u.password = u.userinfo:match("^([^:]*):?(.*)$");
		u.password = u.password ~= "" and u.password or nil;
	end
	u.host, u.port = authority:match("^(%[.-%]):?(%d*)$");
	if not u.host then
		u.host, u.port = authority:match("^([^:]*):?(%d*)$");
	end
	u.port = tonumber(u.port);
end

function url.parse(text)
	local u = setmetatable({}, url_mt);
	local rest, fragment = text:match("^([^#]*)#(.*)$");
	u.fragment = fragment;
	rest = rest or text;
	local before, query = rest:match("^([^?]*)%?(.*)$");
	u.query = url.parseQuery(query or "");
	rest = before or rest;
	local scheme, behind = rest:match("^(%a[%w+.-]*):(.*)$");
	u.scheme, rest = scheme and scheme:lower(), behind or rest;
	local authority, path = rest:match("^//([^/]*)(.*)$");
	if authority then
		set_authority(u, authority);
	end
	u.path = path or rest;
	return u;
end

function url.build(u)
	local out = u.scheme and u.scheme..":" or "";
	if u.host and u.host ~= "" then
		local user = u.user and u.user..(u.password and ":"..u.password or "").."@" or "";
		out = out.."//"..user..u.host..(u.port and ":"..u.port or "");
	end
	out = out..(u.path or "");
	local query = type(u.query) == "table" and url.buildQuery(u.query) or u.query or "";
	return out..(query ~= "" and "?"..query or "")..(u.fragment and "#"..u.fragment or "");
end

function url_mt:build() return url.build(self); end
function url_mt:setQuery(query)
	self.query = type(query) == "table" and setmetatable(query, query_mt) or url.parseQuery(query);
	return self.query;
end
url_mt.__tostring = url.build;

return url;

-- util.multitable: tables of several keys. m:set(a, b, value), m:get(a, b); the last key's table is one level below m.data.

local unpack = table.unpack or unpack; -- luacheck: ignore 113

local methods = {};

-- The table below all but the last n arguments, made on the way.
local function descend(node, n, ...)
	for i = 1, select("#", ...) - n do
		local key = (select(i, ...));
		local child = node[key];
		if not child then
			child = {};
			node[key] = child;
		end
		node = child;
	end
	return node;
end

-- get(key, …): a value, a table of the deeper levels, or nil.
function methods:get(...)
	local node = self.data;
	for i = 1, select("#", ...) do
		node = node[(select(i, ...))];
		if not node then break; end
	end
	return node;
end

-- set(key, …, value)
function methods:set(...)
	local n = select("#", ...);
	descend(self.data, 2, ...)[(select(n-1, ...))] = (select(n, ...));
end

-- add(key, …, value): appends to the list under these keys.
function methods:add(...)
	local list = descend(self.data, 1, ...);
	list[#list+1] = (select(select("#", ...), ...));
end

-- Calls visit(node, key) for the entries that match the keys; a nil key matches every one.
local function match(node, keys, level, visit)
	local key = keys[level];
	local function step(k, child)
		if level == keys.n then
			visit(node, k);
		elseif type(child) == "table" then
			match(child, keys, level+1, visit);
			if next(child) == nil then node[k] = nil; end
		end
	end
	if key ~= nil then
		if node[key] ~= nil then step(key, node[key]); end
		return;
	end
	for k, child in pairs(node) do
		step(k, child);
	end
end

-- remove(key, …): nil is a wildcard. Levels that become empty go too.
function methods:remove(...)
	match(self.data, { n = select("#", ...), ... }, 1, function (node, key) node[key] = nil; end);
end

-- search_add(results, key, …): appends what matches to the list, nil is a wildcard.
function methods:search_add(results, ...)
	results = results or {};
	match(self.data, { n = select("#", ...), ... }, 1, function (node, key) results[#results+1] = node[key]; end);
	return results;
end

function methods:search(...)
	return self:search_add(nil, ...);
end

-- iter(key, …) → key, …, value for all that match, nil is a wildcard; as many levels as arguments.
function methods:iter(...)
	local keys = { n = select("#", ...), ... };
	local nodes, path = { self.data }, {};
	local function step()
		local depth = #nodes;
		if depth == 0 then return; end
		local key, value = next(nodes[depth], path[depth]);
		path[depth] = key;
		if key == nil then
			nodes[depth] = nil;
		elseif keys[depth] == nil or keys[depth] == key then
			if depth == keys.n then
				path[depth+1] = value;
				local result = { unpack(path, 1, depth+1) };
				path[depth+1] = nil;
				return unpack(result, 1, depth+1);
			elseif type(value) == "table" then
				nodes[depth+1] = value;
			end
		end
		return step();
	end
	return step, self;
end

local function new()
	local multitable = { data = {} };
	for name, method in pairs(methods) do
		multitable[name] = method;
	end
	return multitable;
end

return { new = new, iter = methods.iter };

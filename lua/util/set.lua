-- util.set: unordered collections of distinct values, with + (union), - (difference), / (map), ==, tostring, and `for item in set do`.
-- The members are the keys of set._items; modules read that table directly, and may iterate it like the set itself.

local set_methods = {};
local set_mt = { __name = "set", __index = set_methods };
local items_mt = {};

local function members(items, _, item)
	return (next(items, item));
end
items_mt.__call = members;

function set_mt.__call(set, _, item)
	return (next(set._items, item));
end

local function is_set(object)
	return getmetatable(object) == set_mt;
end

-- list: an array of initial members; may be nil.
local function new(list)
	local set = setmetatable({ _items = setmetatable({}, items_mt) }, set_mt);
	set:add_list(list);
	return set;
end

function set_methods:add(item)
	self._items[item] = true;
end

function set_methods:remove(item)
	self._items[item] = nil;
end

-- true or nil, as the reference.
function set_methods:contains(item)
	return self._items[item];
end

function set_methods:contains_set(other)
	for item in pairs(other._items) do
		if not self._items[item] then return false; end
	end
	return true;
end

function set_methods:items()
	return next, self._items;
end

function set_methods:add_list(list)
	for _, item in ipairs(list or {}) do
		self._items[item] = true;
	end
end

function set_methods:include(other)
	for item in pairs(other._items) do
		self._items[item] = true;
	end
end

function set_methods:exclude(other)
	for item in pairs(other._items) do
		self._items[item] = nil;
	end
end

function set_methods:empty()
	return next(self._items) == nil;
end

local function union(a, b)
	local result = new();
	result:include(a);
	result:include(b);
	return result;
end

local function difference(a, b)
	local result = new();
	for item in pairs(a._items) do
		if not b._items[item] then result:add(item); end
	end
	return result;
end

local function intersection(a, b)
	local result = new();
	for item in pairs(a._items) do
		if b._items[item] then result:add(item); end
	end
	return result;
end

-- Members of exactly one of the two.
local function xor(a, b)
	return union(difference(a, b), difference(b, a));
end

set_mt.__add, set_mt.__sub = union, difference;

-- set / f: the results of f for each member, without nil.
function set_mt.__div(set, f)
	local result = new();
	for item in pairs(set._items) do
		local mapped = f(item);
		if mapped ~= nil then result:add(mapped); end
	end
	return result;
end

function set_mt.__eq(a, b)
	return is_set(a) and is_set(b) and a:contains_set(b) and b:contains_set(a);
end

function set_mt.__tostring(set)
	local names = {};
	for item in pairs(set._items) do
		names[#names+1] = tostring(item);
	end
	return table.concat(names, ", ");
end

-- How util.serialization writes a set.
function set_mt:__freeze()
	local list = {};
	for item in pairs(self._items) do
		list[#list+1] = item;
	end
	return list;
end

return {
	new = new, is_set = is_set;
	union = union, difference = difference, intersection = intersection, xor = xor;
};

-- util.array: lists with methods. array{1, 2} adopts the table it is given; array(iterator) collects.
-- map, filter, slice, sort, unique, pluck and reverse come in two forms: a:map(f) changes a, array.map(a, f) leaves it and returns a
-- new array. Both return the result.

local array, methods = {}, {};
local array_mt = { __name = "array", __index = methods };

local function wrap(list)
	return setmetatable(list or {}, array_mt);
end

setmetatable(array, { __call = function (_, list, state, var)
	if type(list) == "function" then
		return array.collect(list, state, var);
	end
	return wrap(list);
end });

-- Collects the first value of each step of an iterator.
function array.collect(f, state, var)
	local list = {};
	var = f(state, var);
	while var ~= nil do
		list[#list+1] = var;
		var = f(state, var);
	end
	return wrap(list);
end

-- Cuts a list off after its first n values.
local function truncate(list, n)
	for i = #list, n+1, -1 do
		list[i] = nil;
	end
	return list;
end

-- Each transforms `from` into `to`; the two may be the same list.
local transforms = {};

function transforms.map(to, from, f)
	for i, value in ipairs(from) do
		to[i] = f(value);
	end
	return to;
end

function transforms.filter(to, from, keep)
	local kept = 0;
	for i = 1, #from do
		local value = from[i];
		if keep(value) then
			kept = kept + 1;
			to[kept] = value;
		end
	end
	return truncate(to, kept);
end

-- Positions count from the end if negative, as in string.sub.
function transforms.slice(to, from, first, last)
	local length = #from;
	last = last or -1;
	if first < 0 then first = length + 1 + first; end
	if last < 0 then last = length + 1 + last; end
	first, last = math.max(first, 1), math.min(last, length);
	for i = first, last do
		to[i-first+1] = from[i];
	end
	return truncate(to, math.max(last-first+1, 0));
end

function transforms.sort(to, from, less)
	if to ~= from then
		to:append(from);
	end
	table.sort(to, less);
	return to;
end

function transforms.unique(to, from)
	local seen = {};
	return transforms.filter(to, from, function (value)
		local new = not seen[value];
		seen[value] = true;
		return new;
	end);
end

-- The field `key` of each value, or the default where it is nil.
function transforms.pluck(to, from, key, default)
	for i = 1, #from do
		local value = from[i][key];
		if value == nil then value = default; end
		to[i] = value;
	end
	return to;
end

function transforms.reverse(to, from)
	local length = #from;
	for i = 1, math.ceil(length/2) do
		local low, high = from[i], from[length+1-i];
		to[i], to[length+1-i] = high, low;
	end
	return to;
end

for name, transform in pairs(transforms) do
	array[name] = function (list, ...) return transform(wrap(), list, ...); end;
	methods[name] = function (self, ...) return transform(self, self, ...); end;
end

function methods:push(value)
	self[#self+1] = value;
	return self;
end

methods.pop = table.remove;

function methods:append(list)
	local length = #self;
	for i = 1, #list do
		self[length+i] = list[i];
	end
	return self;
end

function methods:length()
	return #self;
end

function methods:concat(separator)
	return table.concat(array.map(self, tostring), separator);
end

function methods:shuffle()
	for i = #self, 2, -1 do
		local j = math.random(i);
		self[i], self[j] = self[j], self[i];
	end
	return self;
end

function methods:random()
	return self[math.random(#self)];
end

-- Any value but the one at this position; the array has at least two.
function methods:random_other(position)
	local other = math.random(#self - 1);
	return self[other < position and other or other + 1];
end

function array_mt.__add(a, b)
	return wrap():append(a):append(b);
end

-- array / f: the results of f for each value, without nil.
function array_mt.__div(list, f)
	local result = wrap();
	for i = 1, #list do
		result:push(f(list[i]));
	end
	return result;
end

function array_mt.__eq(a, b)
	if getmetatable(a) ~= getmetatable(b) or #a ~= #b then
		return false;
	end
	for i = 1, #a do
		if a[i] ~= b[i] then return false; end
	end
	return true;
end

function array_mt:__tostring()
	return "{"..self:concat(", ").."}";
end

-- How util.serialization writes an array.
function array_mt:__freeze()
	return self;
end

return array;

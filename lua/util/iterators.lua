-- util.iterators: functions over iterators as `for` takes them (function, state, variable). An iterator ends at a first value of nil.

local it = {};
local unpack = table.unpack or unpack; -- luacheck: ignore 113

local function pack(...)
	return { n = select("#", ...), ... };
end

local function next_key(t, key)
	return (next(t, key));
end

function it.keys(t)
	return next_key, t;
end

function it.values(t)
	local key, value;
	return function (state)
		key, value = next(state, key);
		return value;
	end, t;
end

-- The n-th value of each step.
function it.select(n, f, state, var)
	local function pick(...)
		var = (...);
		return (select(n, ...));
	end
	return function () return pick(f(state, var)); end;
end

-- Steps whose first value has not been seen before.
function it.unique(f, state, var)
	local seen = {};
	local function fresh(...)
		var = (...);
		if var ~= nil and seen[var] then
			return fresh(f(state, var));
		elseif var ~= nil then
			seen[var] = true;
		end
		return ...;
	end
	return function () return fresh(f(state, var)); end;
end

-- keep: a predicate over all values of a step, or one first value to leave out.
function it.filter(keep, f, state, var)
	if type(keep) ~= "function" then
		local unwanted = keep;
		function keep(value) return value ~= unwanted; end
	end
	return function (s, v)
		local step;
		repeat
			step = pack(f(s, v));
			v = step[1];
		until v == nil or keep(unpack(step, 1, step.n));
		return unpack(step, 1, step.n);
	end, state, var;
end

function it.count(f, state, var)
	local n = 0;
	for _ in f, state, var do
		n = n + 1;
	end
	return n;
end

-- The first n steps.
function it.head(n, f, state, var)
	local taken = 0;
	return function (s, v)
		if taken < n then
			taken = taken + 1;
			return f(s, v);
		end
	end, state, var;
end

-- All but the first n steps, which are taken at once.
function it.skip(n, f, state, var)
	for _ = 1, n do
		var = f(state, var);
	end
	return f, state, var;
end

-- All steps of an iterator, each with its number of values.
local function steps(f, state, var)
	local list = {};
	local step = pack(f(state, var));
	while step[1] ~= nil do
		list[#list+1] = step;
		step = pack(f(state, step[1]));
	end
	return list;
end

-- Walks collected steps from position `first`, `by` being 1 or -1.
local function replay(list, first, by)
	local position = first - by;
	return function ()
		position = position + by;
		local step = list[position];
		if step then
			return unpack(step, 1, step.n);
		end
	end;
end

-- The last n steps.
function it.tail(n, f, state, var)
	local list = steps(f, state, var);
	return replay(list, math.max(#list-n, 0)+1, 1);
end

function it.reverse(f, state, var)
	local list = steps(f, state, var);
	return replay(list, #list, -1);
end

local function previous(list, position)
	if position > 1 then
		return position-1, list[position-1];
	end
end

-- ipairs from the end.
function it.ripairs(list)
	return previous, list, #list+1;
end

local function successor(last, current)
	if current < last then
		return current+1;
	end
end

-- first … last, or 1 … first if there is only one argument.
function it.range(first, last)
	if not last then
		first, last = 1, first;
	end
	return successor, last, first-1;
end

function it.to_array(f, state, var)
	local list = {};
	for value in f, state, var do
		list[#list+1] = value;
	end
	return list;
end

-- A table of first value → second value.
function it.to_table(f, state, var)
	local t = {};
	for key, value in f, state, var do
		t[key] = value;
	end
	return t;
end

-- pairs() in the order of the keys, or in that of the given comparison of keys.
function it.sorted_pairs(t, less)
	local keys = it.to_array(next, t);
	table.sort(keys, less);
	local i = 0;
	return function ()
		i = i + 1;
		if keys[i] ~= nil then
			return keys[i], t[keys[i]];
		end
	end;
end

local join_methods = {};
local join_mt = { __index = join_methods };

-- One iterator after the other: `for x in it.join(f, s, v):append(g, s, v) do`.
function join_mt.__call(chain)
	local function advance(...)
		if (...) ~= nil then
			chain.var = (...);
			return ...;
		end
		chain.current, chain.var = chain.current + 1, nil;
		return chain();
	end
	local part = chain[chain.current];
	if part then
		local var = chain.var;
		if var == nil then var = part[3]; end
		return advance(part[1](part[2], var));
	end
end

function join_methods:append(f, state, var)
	self[#self+1] = { f, state, var };
	return self;
end

function join_methods:prepend(f, state, var)
	table.insert(self, 1, { f, state, var });
	return self;
end

function it.join(f, state, var)
	return setmetatable({ current = 1 }, join_mt):append(f, state, var);
end

return it;

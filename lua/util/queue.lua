-- util.queue: first in, first out, with a fixed capacity (a ring).

local methods = {};
local queue_mt = { __index = methods };

-- size: how many items fit. With allow_wrapping a push to a full queue drops the oldest item, else it fails.
local function new(size, allow_wrapping)
	return setmetatable({ _items = {}, size = size, _wrap = allow_wrapping, _first = 0, _count = 0 }, queue_mt);
end

function methods:count()
	return self._count;
end

function methods:push(item)
	if self._count >= self.size then
		if not self._wrap then
			return nil, "queue full";
		end
		self:pop();
	end
	self._items[(self._first + self._count) % self.size + 1] = item;
	self._count = self._count + 1;
	return true;
end

function methods:pop()
	if self._count == 0 then
		return nil;
	end
	local position = self._first + 1;
	local item = self._items[position];
	self._items[position] = false; -- not nil: the ring stays an array
	self._first = position % self.size;
	self._count = self._count - 1;
	return item;
end

function methods:peek()
	if self._count > 0 then
		return self._items[self._first + 1];
	end
end

-- Replaces the oldest item; pushes if there is none.
function methods:replace(item)
	if self._count == 0 then
		return self:push(item);
	end
	self._items[self._first + 1] = item;
	return true;
end

local function next_item(queue, position)
	if position < queue._count then
		return position + 1, queue._items[(queue._first + position) % queue.size + 1];
	end
end

-- Iterates position (1 is the oldest), item; changes nothing.
function methods:items()
	return next_item, self, 0;
end

-- Iterates the items and removes them.
function methods:consume()
	return self.pop, self;
end

return { new = new };

-- util.smqueue: the stanzas of a stream that wait for their acknowledgement (XEP-0198). Counts every push, keeps the last `size`.

local queue = require "util.queue";

local methods = {};

function methods:push(item)
	self._head = self._head + 1;
	assert(self._queue:push(item));
end

-- Takes out all up to number h and returns them. nil, "tail" if h was acknowledged before, nil, "head" if it was never sent.
function methods:ack(h)
	if h < self._tail then
		return nil, "tail";
	elseif h > self._head then
		return nil, "head";
	end
	self._tail = h;
	local acked = {};
	while self._queue:count() > self._head - h do
		acked[#acked+1] = self._queue:pop();
	end
	return acked;
end

function methods:count_unacked()
	return self._head - self._tail;
end

function methods:count_acked()
	return self._tail;
end

-- Whether everything unacknowledged is still here.
function methods:resumable()
	return self._queue:count() >= self:count_unacked();
end

function methods:resume()
	return self._queue:items();
end

function methods:consume()
	return self._queue:consume();
end

function methods:table()
	local items = {};
	for i, item in self:resume() do
		items[i] = item;
	end
	return items;
end

local queue_mt = { __name = "smqueue", __index = methods, __len = methods.count_unacked };

function queue_mt:__freeze()
	return { head = self._head, tail = self._tail };
end

local function new(size)
	assert(size > 0, "size must be positive");
	return setmetatable({ _head = 0, _tail = 0, _queue = queue.new(size, true) }, queue_mt);
end

return { new = new, smqueue = methods };

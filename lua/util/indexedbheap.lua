-- util.indexedbheap: a priority queue, lowest first, whose entries can be found again by id: for timers.

local methods = {};
local heap_mt = { __index = methods };

-- priorities and ids are the heap, side by side; index is where an id stands in it.
local function create()
	return setmetatable({ priorities = {}, ids = {}, index = {}, items = {}, current_id = 1.5 }, heap_mt);
end

local function place(heap, position, priority, id)
	heap.priorities[position], heap.ids[position] = priority, id;
	if id ~= nil then heap.index[id] = position; end
end

local function move(heap, from, to)
	place(heap, to, heap.priorities[from], heap.ids[from]);
end

-- Lets the entry at a position rise as far as it should.
local function rise(heap, position)
	local priority, id = heap.priorities[position], heap.ids[position];
	local parent = math.floor(position/2);
	while parent >= 1 and heap.priorities[parent] > priority do
		move(heap, parent, position);
		position, parent = parent, math.floor(parent/2);
	end
	place(heap, position, priority, id);
	return position;
end

local function sink(heap, position)
	local priorities, size = heap.priorities, #heap.priorities;
	local priority, id = priorities[position], heap.ids[position];
	while position*2 <= size do
		local child = position*2;
		if child < size and priorities[child+1] < priorities[child] then
			child = child + 1;
		end
		if priorities[child] >= priority then break; end
		move(heap, child, position);
		position = child;
	end
	place(heap, position, priority, id);
end

-- id: any value that is not in use; made up if nil. Returns it.
function methods:insert(item, priority, id)
	if id == nil then
		id = self.current_id;
		self.current_id = id + 1;
	end
	self.items[id] = item;
	place(self, #self.priorities+1, priority, id);
	rise(self, #self.priorities);
	return id;
end

-- Takes out the entry at a position of the heap: priority, item, id; nothing if there is none.
function methods:remove_index(position)
	local priority = position and self.priorities[position];
	if priority == nil then return; end
	local id, last = self.ids[position], #self.priorities;
	local item = self.items[id];
	move(self, last, position);
	place(self, last, nil, nil);
	self.items[id], self.index[id] = nil, nil;
	if position < last then
		sink(self, rise(self, position));
	end
	return priority, item, id;
end

function methods:remove(id)
	return self:remove_index(self.index[id]);
end

function methods:pop()
	return self:remove_index(1);
end

-- The lowest priority.
function methods:peek()
	return self.priorities[1];
end

function methods:reprioritize(id, priority)
	local position = self.index[id];
	if not position then return; end
	self.priorities[position] = priority;
	sink(self, rise(self, position));
end

return { create = create };

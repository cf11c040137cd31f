-- util.ringbuffer: a byte buffer of fixed size: written at the end, read at the front.

local methods = {};
local buffer_mt = { __name = "ringbuffer_mt", __index = methods };

-- size: bytes.
local function new(size)
	return setmetatable({ _data = "", _size = size or 4096 }, buffer_mt);
end

-- The number of bytes written, nil if they do not all fit.
function methods:write(data)
	if #data > self:free() then
		return nil;
	end
	self._data = self._data..data;
	return #data;
end

-- Exactly n bytes, nil if there are not so many. peek: leave them in the buffer.
function methods:read(n, peek)
	if n > #self._data then
		return nil;
	end
	local data = self._data:sub(1, n);
	if not peek then
		self._data = self._data:sub(n+1);
	end
	return data;
end

-- Where the first occurrence of a text ends, nil if there is none.
function methods:find(text)
	local _, last = self._data:find(text, 1, true);
	return last;
end

-- Up to and with the first occurrence of a text, nil if there is none.
function methods:readuntil(text)
	local last = self:find(text);
	return last and self:read(last);
end

-- false if there are not so many bytes.
function methods:discard(n)
	return self:read(n) ~= nil;
end

function methods:sub(i, j)
	return self._data:sub(i, j);
end

function methods:byte(i, j)
	return self._data:byte(i or 1, j);
end

function methods:length()
	return #self._data;
end
buffer_mt.__len = methods.length;

function methods:size()
	return self._size;
end

function methods:free()
	return self._size - #self._data;
end

function buffer_mt:__tostring()
	return ("ringbuffer: %d/%d"):format(#self._data, self._size);
end

return { new = new };

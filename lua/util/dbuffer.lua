-- util.dbuffer: a byte buffer that grows: written at the end, read at the front.

local methods = {};
local buffer_mt = { __name = "dbuffer", __index = methods };

-- max_size: bytes, nil for no limit. max_chunks: how many writes are kept apart before they are joined.
local function new(max_size, max_chunks)
	if max_size and max_size <= 0 then
		return nil;
	end
	return setmetatable({ _chunks = {}, _length = 0, max_size = max_size, max_chunks = max_chunks or 32 }, buffer_mt);
end

-- true; nil if the data does not fit, and nothing is written.
function methods:write(data)
	if self.max_size and self._length + #data > self.max_size then
		return nil;
	end
	if #self._chunks >= self.max_chunks then
		self:collapse();
	end
	if data ~= "" then
		self._chunks[#self._chunks+1] = data;
		self._length = self._length + #data;
	end
	return true;
end

-- At most n bytes of what was written at once, and how many; all of that without n. nil if the buffer is empty.
function methods:read_chunk(n)
	local chunk = self._chunks[1];
	if not chunk then
		return nil;
	end
	n = math.min(n or #chunk, #chunk);
	if n == #chunk then
		table.remove(self._chunks, 1);
	else
		self._chunks[1] = chunk:sub(n+1);
	end
	self._length = self._length - n;
	return chunk:sub(1, n), n;
end

-- Exactly n bytes, nil if there are not so many; without n the first chunk.
function methods:read(n)
	if n and n > self._length then
		return nil;
	end
	self:collapse(n or 0);
	return (self:read_chunk(n));
end

-- Up to and with the first occurrence of the text; nil if there is none.
function methods:read_until(text)
	self:collapse();
	local _, last = (self._chunks[1] or ""):find(text, 1, true);
	return last and self:read(last);
end

-- true, or nil if there are not so many bytes.
function methods:discard(n)
	return self:read(n) and true or nil;
end

-- The first chunk, with what string.sub(i, j) of the whole buffer is in it; i and j are then counted from the beginning. What lies behind is not
-- joined: who looks at the beginning each time that a byte comes would have everything copied each time.
local function joined(self, i, j)
	i, j = i < 0 and math.max(self._length + i + 1, 1) or i, j < 0 and self._length + j + 1 or j;
	self:collapse(math.max(math.min(j, self._length), 0));
	return self._chunks[1] or "", i, j;
end

-- string.sub over the whole buffer.
function methods:sub(i, j)
	local chunk, from, to = joined(self, i, j or -1);
	return chunk:sub(from, math.max(to, 0));
end

function methods:byte(i, j)
	i = i or 1;
	local chunk, from, to = joined(self, i, j or i);
	return chunk:byte(from, math.max(to, 0));
end

function methods:length()
	return self._length;
end
methods.len, buffer_mt.__len = methods.length, methods.length;

-- Makes the first n bytes (default: all) one chunk.
function methods:collapse(n)
	n = math.min(n or self._length, self._length);
	local chunks, length, count = self._chunks, 0, 0;
	while length < n do
		count = count + 1;
		length = length + #chunks[count];
	end
	if count > 1 then
		local rest = { table.concat(chunks, "", 1, count) };
		for i = count+1, #chunks do
			rest[#rest+1] = chunks[i];
		end
		self._chunks = rest;
	end
end

return { new = new };

---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---A queue of what has not been acknowledged.
---@class util.smqueue.library
local lib = {}

---A queue with methods push, ack, count_unacked, count_acked, resumable, resume, consume, table.
---@param size integer
---@return table
function lib.new(size) end

lib.smqueue = {}

---Takes away what is acknowledged.
---@param self table
---@param h integer
---@return table?
---@return string?
---@return string?
function lib.smqueue.ack(self, h) end

---Takes what waits.
---@param self table
---@return function
function lib.smqueue.consume(self) end

---How many are done.
---@param self table
---@return integer
function lib.smqueue.count_acked(self) end

---How many wait.
---@param self table
---@return integer
function lib.smqueue.count_unacked(self) end

---Adds.
---@param self table
---@param item any
---@return boolean
function lib.smqueue.push(self, item) end

---Whether all that waits is still there.
---@param self table
---@return boolean
function lib.smqueue.resumable(self) end

---Iterates over what waits.
---@param self table
---@return function
function lib.smqueue.resume(self) end

---What waits, as a list.
---@param self table
---@return table
function lib.smqueue.table(self) end

return lib

---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Packed values.
---@class util.struct.library
local lib = {}

---Writes.
---@param format string
---@param ... any
---@return string
function lib.pack(format, ...) end

---How many bytes a format takes.
---@param format string
---@return integer
function lib.size(format) end

---Reads.
---@param format string
---@param bytes string
---@param position? integer
---@return any
function lib.unpack(format, bytes, position) end

return lib

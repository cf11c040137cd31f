---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Frames of WebSocket (RFC 6455).
---@class net.websocket.frames.library
local lib = {}

---Writes a frame.
---@param frame table
---@return string
function lib.build(frame) end

---Writes a frame that ends a connection.
---@param code integer
---@param message? string
---@param mask? boolean
---@return string
function lib.build_close(code, message, mask) end

---Reads a frame; gives how long it was.
---@param bytes any
---@param force? boolean
---@return table?
---@return integer?
function lib.parse(bytes, force) end

---Reads a frame's body.
---@param bytes any
---@param header table
---@param position? integer
---@return string?
function lib.parse_body(bytes, header, position) end

---Reads code and message of a frame that ends a connection.
---@param data string
---@return integer?
---@return string?
function lib.parse_close(data) end

---Reads a frame's head.
---@param bytes any
---@return table?
---@return integer?
function lib.parse_header(bytes) end

return lib

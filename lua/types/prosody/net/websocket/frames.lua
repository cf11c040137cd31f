---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The frames of WebSocket (RFC 6455): tables {FIN, RSV1, RSV2, RSV3, opcode, MASK, key, length, data}.
---@class net.websocket.frames.library
local lib = {}

---The bytes of a frame.
---@param frame table
---@return string
function lib.build(frame) end

---The bytes of a frame that closes.
---@param code integer
---@param text? string
---@param mask? boolean
---@return string
function lib.build_close(code, text, mask) end

---A frame and its size; nil, nil and the header alone if the rest is not there yet. bytes: a string or a util.dbuffer.
---@param bytes any
---@return table?
---@return integer?
---@return table?
function lib.parse(bytes) end

---The data that begin at a place.
---@param bytes any
---@param header table
---@param place integer
---@return string
function lib.parse_body(bytes, header, place) end

---The status code and text of a frame that closes.
---@param data string
---@return integer?
---@return string?
function lib.parse_close(data) end

---The header and its size.
---@param bytes any
---@return table?
---@return integer?
function lib.parse_header(bytes) end

return lib

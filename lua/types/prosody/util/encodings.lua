---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Encodings and preparations of text.
---@class util.encodings.library
local lib = {}

lib.base64 = {}

---Decodes.
---@param text string
---@return string?
function lib.base64.decode(text) end

---Encodes.
---@param bytes string
---@return string
function lib.base64.encode(bytes) end

lib.confusable = {}

---The same for texts that look alike.
---@param text string
---@return string
function lib.confusable.skeleton(text) end

lib.idna = {}

---A domain in ASCII.
---@param domain string
---@return string?
function lib.idna.to_ascii(domain) end

---Undoes that.
---@param domain string
---@return string?
function lib.idna.to_unicode(domain) end

lib.precis = {}

---Prepares a nick (RFC 8266).
---@param text string
---@return string?
function lib.precis.nickname(text) end

lib.stringprep = {}

---Prepares a domain.
---@param text string
---@param strict? boolean
---@return string?
function lib.stringprep.nameprep(text, strict) end

---Prepares a localpart.
---@param text string
---@param strict? boolean
---@return string?
function lib.stringprep.nodeprep(text, strict) end

---Prepares a resource.
---@param text string
---@param strict? boolean
---@return string?
function lib.stringprep.resourceprep(text, strict) end

---Prepares a password.
---@param text string
---@param strict? boolean
---@return string?
function lib.stringprep.saslprep(text, strict) end

lib.utf8 = {}

---The number of characters.
---@param text string
---@return integer?
function lib.utf8.length(text) end

---Whether the text is UTF-8.
---@param text string
---@return boolean
function lib.utf8.valid(text) end

return lib

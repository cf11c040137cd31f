---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Addresses (RFC 7622).
---@class util.jid.library
local lib = {}

---Without the resource.
---@param jid string?
---@return string?
function lib.bare(jid) end

---Whether an address is what another one allows.
---@param jid string
---@param acl string
---@return boolean
function lib.compare(jid, acl) end

---Writes what may not stand in a localpart (XEP-0106).
---@param text string
---@return string
function lib.escape(text) end

---The domain.
---@param jid string?
---@return string?
function lib.host(jid) end

---An address of its parts.
---@param node string?
---@param host string?
---@param resource? string
---@return string?
function lib.join(node, host, resource) end

---The localpart.
---@param jid string?
---@return string?
function lib.node(jid) end

---The address, prepared.
---@param jid string?
---@param strict? boolean
---@return string?
function lib.prep(jid, strict) end

---The same, prepared; nil if it is no address.
---@param jid string?
---@return string?
---@return string?
---@return string?
function lib.prepped_split(jid) end

---The resource.
---@param jid string?
---@return string?
function lib.resource(jid) end

---Localpart, domain and resource.
---@param jid string?
---@return string?
---@return string?
---@return string?
function lib.split(jid) end

---Undoes that.
---@param text string
---@return string
function lib.unescape(text) end

return lib

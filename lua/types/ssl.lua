---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---What is there of LuaSec.
---@class ssl.library
local lib = {}

lib.context = {}

---Sets which authorities are trusted.
---@param context table
---@param file? string
---@param dir? string
---@return boolean?
---@return string?
function lib.context.locations(context, file, dir) end

---Adds the certificate of another host.
---@param context table
---@param host string
---@param certificate string
---@param key string
---@return boolean?
---@return string?
function lib.context.set_sni_host(context, host, certificate, key) end

---Sets the ciphers.
---@param context table
---@param ciphers string
---@return boolean?
---@return string?
function lib.context.setcipher(context, ciphers) end

---Sets how certificates are verified.
---@param context table
---@param ... string
---@return boolean?
---@return string?
function lib.context.setverifyext(context, ...) end

---Reads a certificate.
---@param pem string
---@return table?
---@return string?
function lib.loadcertificate(pem) end

---Makes a TLS context.
---@param config table
---@return table?
---@return string?
function lib.newcontext(config) end

---Puts TLS on a socket.
---@param socket table
---@param config table
---@return table?
---@return string?
function lib.wrap(socket, config) end

lib.x509 = {}

---Reads a certificate.
---@param pem string
---@return table?
---@return string?
function lib.x509.load(pem) end

return lib

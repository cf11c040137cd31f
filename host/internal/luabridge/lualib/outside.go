package lualib

// outsideOpeners are libraries that are not Prosody's: LuaExpat, luaossl, and the mail of LuaSocket.
func (l *library) outsideOpeners() map[string]opener {
	return map[string]opener{
		"lxp":            l.openLXP,
		"lxp.lom":        l.openLOM,
		"openssl.bignum": l.openOpenSSLBignum,
		"openssl.cipher": l.openOpenSSLCipher,
		"openssl.digest": l.openOpenSSLDigest,
		"openssl.hmac":   l.openOpenSSLHMAC,
		"openssl.kdf":    l.openOpenSSLKDF,
		"openssl.pkey":   l.openOpenSSLPkey,
		"openssl.rand":   l.openOpenSSLRand,
		"openssl.x509":   l.openOpenSSLX509,
		"socket.smtp":    l.openSMTP,
	}
}

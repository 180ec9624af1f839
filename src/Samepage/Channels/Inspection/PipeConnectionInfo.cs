namespace Samepage.Channels;

/// <summary>A connection of a named pipe. Bytes are counted with what stands around what was written, and what is unread as far as the reader has said.</summary>
/// <param name="ClientProcessId">The process that connected; 0: it has closed its end.</param>
/// <param name="ServerProcessId">The process that accepted; 0: none has yet, or it has closed its end.</param>
/// <param name="ToServer">How many bytes the client has written.</param>
/// <param name="ToServerUnread">How many of them wait to be read.</param>
/// <param name="ToClient">How many bytes the server has written.</param>
/// <param name="ToClientUnread">How many of them wait to be read.</param>
public readonly record struct PipeConnectionInfo(int ClientProcessId, int ServerProcessId, long ToServer, long ToServerUnread, long ToClient, long ToClientUnread);

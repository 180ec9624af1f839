namespace Samepage.Torture.Checking;

/// <summary>Operations on connections. A conversation is a stream of <see cref="MessageId"/>s from its client; each message comes back as its echo. Of a conversation in bytes, the last byte stands for a message.</summary>
internal enum PipeCode
{
    /// <summary>Of the client; the argument is the message.</summary>
    Write,

    /// <summary>Of the client; the argument is the conversation: it will write no more.</summary>
    Complete,

    /// <summary>Of the server; the result is the message, of which the argument is the conversation.</summary>
    Read,

    /// <summary>Of the server; the argument is the message.</summary>
    Echo,

    /// <summary>Of the client; the result is the message.</summary>
    Hear,

    /// <summary>Of the server; the argument is the conversation: it leaves.</summary>
    Leave,

    /// <summary>The server has read all; the argument is the conversation, the result a <see cref="PipeEnd"/>.</summary>
    ReadEnd,

    /// <summary>The client has heard all; likewise.</summary>
    HearEnd,
}

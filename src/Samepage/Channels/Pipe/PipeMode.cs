namespace Samepage.Channels;

/// <summary>What a pipe carries.</summary>
public enum PipeMode
{
    /// <summary>A stream of bytes each way, whose writes leave no trace. The default.</summary>
    Bytes,

    /// <summary>Messages: each is read as it was written, or not at all.</summary>
    Messages,
}

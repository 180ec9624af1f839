namespace Samepage.Torture.Checking;

/// <summary>How a call ended, as its client was told.</summary>
internal enum CallEnd
{
    TimedOut,
    Answered,
    Failed,
    PeerDied,
    PeerClosed,
}

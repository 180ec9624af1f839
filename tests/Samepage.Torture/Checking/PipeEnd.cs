namespace Samepage.Torture.Checking;

/// <summary>How a reader was told that there will be no more.</summary>
internal enum PipeEnd
{
    Clean,
    PeerDied,
}

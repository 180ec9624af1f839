using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux;

/// <summary>The two bytes of an object file on which its holders' locks lie.</summary>
/// <remarks>
/// <code>
/// byte 0  life     shared by every holder
/// byte 1  removal  shared for a moment by who waits until the name is free
/// both             exclusively by who removes the file
/// </code>
/// A lock on byte 1 is no sign of life, so waiting never makes a dead object look alive.
/// </remarks>
internal static class LifeLock
{
    public static readonly (long Start, long Length) Life = (0, 1);
    public static readonly (long Start, long Length) Removal = (1, 1);
    public static readonly (long Start, long Length) LifeAndRemoval = (0, 2);

    public static FileLock Of(short type, (long Start, long Length) range) =>
        new() { Type = type, Start = range.Start, Length = range.Length };
}

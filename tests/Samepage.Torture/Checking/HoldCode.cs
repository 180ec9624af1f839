namespace Samepage.Torture.Checking;

/// <summary>Operations of locks. The argument is the number of the hold, of its actor; the result of taking is a <see cref="WaitResult"/>.</summary>
internal enum HoldCode
{
    Acquire,
    Release,
    AcquireRead,
    ReleaseRead,
}

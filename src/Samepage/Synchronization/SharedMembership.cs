using Samepage.Platform;

namespace Samepage;

/// <summary>This process's taking part in an object: <see cref="SharedMemory.Join"/>, <see cref="SharedWaitable.Join"/>. A process may join an object more than once.</summary>
/// <remarks>
/// It ends when it is disposed or the process ends, and those who watch it are told which of the two it was (<see cref="SharedTether"/>). It does
/// not keep the object alive, and stays a membership of that object when others make a new one of the same name; but Windows knows an object by its name
/// alone, and there it counts for the new one. A membership that is forgotten is not collected: it lasts until the process ends. All members may be
/// called from any thread at the same time.
/// </remarks>
public sealed class SharedMembership : IDisposable
{
    private readonly MembershipBackend _backend;

    internal SharedMembership(MembershipBackend backend) => _backend = backend;

    /// <summary>What the others find it by (<see cref="SharedParticipant.Id"/>); never used again for another.</summary>
    public long Id => _backend.Id;

    /// <summary>Leaves in good order: whoever watches is told <see cref="WaitResult.Signaled"/>.</summary>
    public void Dispose() => _backend.Dispose();
}

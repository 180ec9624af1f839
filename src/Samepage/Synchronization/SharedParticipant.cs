using System.Diagnostics.CodeAnalysis;
using Samepage.Platform;

namespace Samepage;

/// <summary>Someone who took part in an object when <see cref="SharedMemory.Participants"/> or <see cref="SharedWaitable.Participants"/> looked.</summary>
/// <remarks>
/// It may be gone by now; <see cref="TryWatch"/> tells. All members may be called from any thread at the same time. In the scope <c>Global\</c> anyone
/// on the machine can claim to take part; what nobody can do there is to let another's membership seem alive, or dead. (On Windows, a program of another
/// user that watches can keep the word of an end from the others.)
/// </remarks>
public sealed class SharedParticipant
{
    private readonly ParticipantBackend _backend;

    private SharedParticipant(ParticipantBackend backend) => _backend = backend;

    /// <summary>Its <see cref="SharedMembership.Id"/>.</summary>
    public long Id => _backend.Id;

    /// <summary>The process, as its own pid namespace numbers it. For people: it is no evidence of anything.</summary>
    public int ProcessId => _backend.ProcessId;

    /// <summary>Begins to watch it, without touching it: any number of processes can.</summary>
    /// <param name="tether">Is signalled when it is gone; to be disposed. Null if it is gone already.</param>
    /// <returns>False if it is gone already.</returns>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.OutOfSpace"/>: what is watched is an open file.</exception>
    public bool TryWatch([NotNullWhen(true)] out SharedTether? tether)
    {
        tether = _backend.TryWatch() is { } backend ? new SharedTether(backend) : null;
        return tether is not null;
    }

    internal static IReadOnlyList<SharedParticipant> Of(IParticipation participation) =>
        [.. participation.List().Select(p => new SharedParticipant(p))];
}

namespace Samepage.Platform;

/// <summary>Who takes part in one object, as its processes have said and the system confirms.</summary>
internal interface IParticipation
{
    /// <summary>This process takes part, until the membership is disposed or the process ends, in whatever way.</summary>
    MembershipBackend Join();

    /// <summary>Who takes part at this moment.</summary>
    IReadOnlyList<ParticipantBackend> List();
}

/// <summary>One taking part of this process.</summary>
internal abstract class MembershipBackend : IDisposable
{
    public abstract long Id { get; }
    public abstract void Dispose();
}

/// <summary>One taking part of any process, as it was found.</summary>
internal abstract class ParticipantBackend
{
    public abstract long Id { get; }
    public abstract int ProcessId { get; }

    /// <summary>What is signalled once the participant is gone; null: it is gone already.</summary>
    public abstract WaitableBackend? TryWatch();
}

using Samepage.Bench.Harness;

namespace Samepage.Bench.Rivals;

/// <summary>One way for processes to talk, which a user may choose instead of Samepage. Each is used as its own documentation says is fastest.</summary>
internal abstract class Rival
{
    public abstract string Name { get; }

    /// <summary>Why it cannot run here; null: it can.</summary>
    public virtual string? Missing => null;

    /// <summary>Of a library that is not .NET's own, with its name; null: it has none, or is not here.</summary>
    public virtual string? Version => null;

    /// <summary>What it is called in the race of a job.</summary>
    public virtual string NameIn(Job job) => Name;

    /// <summary>False: it has no such thing, as a way of waiting or messages of that size.</summary>
    public abstract bool Can(Job job);

    /// <summary>
    /// Two peers that have met and answer <c>run N</c> with the nanoseconds of N messages or round trips, and <c>times N</c> with how long each of N round trips took (<see cref="RivalLoop"/>).
    /// </summary>
    /// <param name="job">What they do.</param>
    /// <param name="name">That no other pair uses.</param>
    public virtual PeerPair Start(Job job, string name) => PeerPair.Start((core, side) => StartSide(job, core, name, side));

    /// <summary>One peer and many, as <see cref="PeerFan"/> needs them.</summary>
    /// <inheritdoc cref="Start"/>
    public virtual PeerFan StartFan(Job job, string name) =>
        PeerFan.Start(job.Many, job.Sends, (core, member) => StartSide(job, core, name, $"{member}"));

    /// <summary>One of the peers.</summary>
    /// <param name="side"><c>first</c> or <c>second</c>; in a fan the number of the member. The first, or 0, is there before the others.</param>
    protected abstract PeerProcess StartSide(Job job, int core, string name, string side);
}

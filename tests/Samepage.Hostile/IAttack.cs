namespace Samepage.Hostile;

/// <summary>What is done to the objects of one epoch.</summary>
internal interface IAttack : IDisposable
{
    /// <summary>False: there is nothing to do anything to.</summary>
    bool HasTargets { get; }

    /// <summary>What was done so far, in order.</summary>
    IReadOnlyList<Mutation> Log { get; }

    /// <summary>Does one thing more.</summary>
    /// <param name="transient">And takes it back after a moment, where it can be taken back.</param>
    void Mutate(bool transient);
}

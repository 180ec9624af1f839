namespace Samepage.Hostile;

/// <summary>One thing that a victim does, with a bounded wait at most.</summary>
/// <param name="Name">For reports.</param>
/// <param name="Run">Does it.</param>
internal readonly record struct Operation(string Name, Action<Random> Run);

/// <summary>A thread of the victim: what it may do, in an order that its seed decides.</summary>
internal sealed class Actor(params Operation[] operations)
{
    /// <summary>What it does when the rest of its life is hostile: it must come back from each.</summary>
    public Operation Next(Random random) => operations[random.Next(operations.Length)];
}

/// <summary>Objects of one kind, in use.</summary>
internal interface IScene : IDisposable
{
    /// <summary>Each runs on a thread of its own, or all in turn on one.</summary>
    IReadOnlyList<Actor> Actors { get; }
}

namespace Samepage.Hostile;

/// <summary>What driver and victim both know of an epoch: the life of one set of objects.</summary>
internal readonly record struct Epoch(int Seed, long Number)
{
    public Random Chance(int who) => new(unchecked(Seed * 1_000_003 + (int)Number * 31 + who));

    /// <summary>Each other one is attacked while nobody uses it, which can be repeated exactly; the others while they are in use.</summary>
    public bool IsAtRest => Chance(99).Next(3) == 0;

    public string ObjectName => $"h{Number}";
}

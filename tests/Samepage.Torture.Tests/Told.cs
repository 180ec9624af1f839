using Samepage.Torture.Histories;

namespace Samepage.Torture.Tests;

/// <summary>A history made by hand.</summary>
internal sealed class Told
{
    private readonly List<Operation> _operations = [];
    private readonly Dictionary<int, Actor> _actors = [];

    public Told Did<TCode>(int actor, TCode code, long begin, long end, long argument = 0, long result = 0, long detail = 0) where TCode : struct, Enum
    {
        _actors.TryAdd(actor, new Actor(actor, "role"));
        _operations.Add(new Operation(actor, Convert.ToInt32(code), argument, result, detail, begin, end));
        return this;
    }

    /// <summary>It was in the middle of that when it was killed.</summary>
    public Told Began<TCode>(int actor, TCode code, long begin, long argument = 0) where TCode : struct, Enum => Did(actor, code, begin, Operation.Never, argument);

    public Told Died(int actor, long from, long gone)
    {
        _actors.TryAdd(actor, new Actor(actor, "role"));
        (_actors[actor].KillBegan, _actors[actor].Gone) = (from, gone);
        return this;
    }

    public History History => new(_operations, _actors);
}

using Samepage.Torture.Histories;

namespace Samepage.Torture.Linear;

/// <summary>An object as one process alone would know it: what an operation does to its state, and whether it could have had the result that it had.</summary>
/// <typeparam name="TState">Compared by value, and never changed.</typeparam>
internal abstract class Model<TState> where TState : IEquatable<TState>
{
    public abstract TState Initial { get; }

    /// <summary>The states in which the object can be after the operation; none if it could not have had this result. One that is pending may have had any.</summary>
    public abstract IEnumerable<TState> Apply(TState state, Operation operation);
}

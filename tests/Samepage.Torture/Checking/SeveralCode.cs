namespace Samepage.Torture.Checking;

/// <summary>Operations on several semaphores at once. The argument of waiting has a bit for each of them, the result is a <see cref="WaitResult"/>.</summary>
internal enum SeveralCode
{
    /// <summary>The detail is the index of the one that was taken.</summary>
    Any,

    All,

    /// <summary>The argument is which one gets a permit.</summary>
    Give,

    /// <summary>The driver's, when all have ended: the argument is which one, the result what is left in it.</summary>
    Left,
}

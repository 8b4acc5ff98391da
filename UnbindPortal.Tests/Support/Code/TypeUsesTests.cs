namespace UnbindPortal.Support.Code;

public sealed class TypeUsesTests
{
    [Theory]
    [InlineData(typeof(InSignature))]
    [InlineData(typeof(InBody))]
    [InlineData(typeof(InAsyncBody))]
    [InlineData(typeof(InLambda))]
    [InlineData(typeof(InIterator))]
    [InlineData(typeof(InGenericArgument))]
    [InlineData(typeof(InAttribute))]
    [InlineData(typeof(InCatch))]
    [InlineData(typeof(InGenericMethod<int>))]
    public void Use_is_found_wherever_it_stands(Type user) =>
        Assert.Contains(typeof(Target), TypeUses.Of(user.IsGenericType ? user.GetGenericTypeDefinition() : user));

    [Fact]
    public void Type_that_does_not_use_another_is_not_accused() => Assert.DoesNotContain(typeof(Target), TypeUses.Of(typeof(Innocent)));
}

internal sealed class Target : Exception
{
    public static int Count => 1;
}

internal sealed class InSignature
{
    public Target[]? Targets { get; init; }
}

internal sealed class InBody
{
    public int Number() => Target.Count;
}

internal sealed class InAsyncBody
{
    public async Task<int> NumberAsync()
    {
        await Task.Yield();
        return Target.Count;
    }
}

internal sealed class InLambda
{
    public Func<int> Number { get; } = () => Target.Count;
}

internal sealed class InIterator
{
    public IEnumerable<object> Numbers()
    {
        yield return Target.Count;
    }
}

internal sealed class InGenericArgument
{
    public object Made() => Activator.CreateInstance<List<Target>>();
}

[System.ComponentModel.TypeConverter(typeof(Target))]
internal sealed class InAttribute;

internal sealed class InCatch
{
    public bool Try(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Target)
        {
            return false;
        }
    }
}

internal sealed class InGenericMethod<T>
{
    public (T? Value, int Count) Number<TOther>(TOther? other) => (default, other is null ? Target.Count : 0);
}

internal sealed class Innocent
{
    public async Task<string> NumberAsync() => await Task.FromResult(nameof(Target));
}

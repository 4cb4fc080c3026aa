"""A call that most tests of sessions begin with."""


def counted(ask, product, quantity, **more):
    return ask("POST", "/staged/counts", {"product_id": str(product.id), "quantity": quantity, **more})
